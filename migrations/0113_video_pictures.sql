-- Pictures that a video begins with, which some providers bill beside its seconds: so that a charge can be computed again from the books.
ALTER TABLE videos ADD COLUMN pictures INTEGER NOT NULL DEFAULT 0 CHECK (pictures BETWEEN 0 AND 16);
-- Of a video that its provider sends inside an answer: how large it is, for whoever asks for a part of it.
ALTER TABLE videos ADD COLUMN file_bytes INTEGER CHECK (file_bytes > 0);
