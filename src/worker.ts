// Entry of the read Worker: the heavy reads of every part, by name. Read-only, so it may run beside the writer.
import { READERS } from "./compose/readers.ts"
import { declared } from "./part/index.ts"
import { personStreams } from "./privacy/index.ts"
import { answerReads } from "./store/index.ts"

const { reads, streams, files } = declared(READERS)
answerReads(reads, { ...streams, ...personStreams(files) })
