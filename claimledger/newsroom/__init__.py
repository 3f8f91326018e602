"""The private store of the newsroom, `desk.db`: drafts, actions, documents, texts, work items."""
