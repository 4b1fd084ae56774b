// The door of the work that a browser does before a sign-up while there is a flood of them.
export { checkWork, countSignUpIn, takeWorkIn } from "./admit.ts"
export { SIGN_UP_WORK } from "./setting.ts"
export { purgeWorks } from "./store.ts"
export { askWork } from "./ticket.ts"
export type { SignUpProof, SignUpWork } from "./types.ts"
