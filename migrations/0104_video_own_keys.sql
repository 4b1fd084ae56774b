-- Videos with people's own keys at providers (SPEC OR-1): a job is asked for, looked after and fetched with one key. Names of jobs are of
-- an account, and a person's own is another one than the operator's at the same provider.
ALTER TABLE videos ADD COLUMN own_key TEXT CHECK (own_key GLOB 'pky_*');
DROP INDEX videos_job;
CREATE UNIQUE INDEX videos_job ON videos (upstream_id, COALESCE(own_key, ''), job_id) WHERE job_id IS NOT NULL;
