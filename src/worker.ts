// Entry of the read Worker: the heavy reads of every part, by name. Read-only, so it may run beside the writer.
import { DECLARED } from "./compose/parts.ts"
import { answerReads } from "./store/index.ts"

answerReads(DECLARED.reads, DECLARED.streams)
