-- Apps that came by themselves and said nothing of scopes may ask for whatever there is: `*`, not the list of the day on which they came. Those
-- that hold all that there was are these; what an app named itself stays.
UPDATE oauth_clients SET scopes = '*'
WHERE source IN ('document', 'registration') AND scopes IN (
  'openid profile email offline_access llm embeddings image-generation video-generation speech mcp',
  'openid profile email offline_access llm embeddings image-generation video-generation speech mcp account:read account:manage developer:read'
);
