// Reads of /v1, never charged.
export { me } from "./me.ts"
export { model, models, priceList, type ReadDeps } from "./models.ts"
export { isAnthropic } from "./models-anthropic.ts"
export { requestById } from "./request.ts"
export { deleteResponse, response, responseInput } from "./responses.ts"
