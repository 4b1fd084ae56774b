// What `metering` contributes: how the audit log reads its acts. Services are the house's, so nothing of it belongs to a person.
import type { Part } from "../part/index.ts"
import { METERING_SENTENCES } from "./sentences.ts"

export const meteringPart: Part = { name: "metering", sentences: METERING_SENTENCES }
