// Entry of the Worker that copies the log back into the database.
import { answerCopies } from "./store/copy-log.ts"

answerCopies()
