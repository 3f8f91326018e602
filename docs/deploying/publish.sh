#!/bin/sh
# Publish from git: for a job that runs on each push to claims/, or each hour. Arguments: the folder of the copy, its address.
set -eu
claimledger build
claimledger check
claimledger export site "$1" --address "$2"
