// The door of what all sites share: lists of pages, guards, forms with their routes.

export { admit, closedTo, isOpenTo, SEATS, type Seat, seated, seatFor, seatOf } from "./acting.ts"
export { adminScopeOf, standInFor } from "./admin-key.ts"
export { CACHE_FORM, cachePresent, cacheSeconds } from "./cache-form.ts"
export { ADMIN_SECRET_FORM, isLastOf, SECRET_FORM, secretRow, termsOf } from "./client-secret.ts"
export {
  addressOf as sampleAddressOf,
  type CodeSample,
  codeSamplesOf,
  isOnce,
  type SampleCall,
} from "./code-samples.ts"
export { type DaysAsked, daysAsked, daysQuery, daysShown } from "./days-asked.ts"
export type { Asked, Done, FormRoute, Question, Status } from "./form-route.ts"
export { UNFINISHED_PATH } from "./keepable.ts"
export { gridState, type ListDef, type ListRequest, readList } from "./list.ts"
export {
  contextOfUnlimited,
  limitMemberIn,
  type MemberLimitDeps,
  memberSpend,
  requireUnlimitedIn,
} from "./member-limits.ts"
export { describeForms } from "./openapi.ts"
export { maySee, navOf, type PageEntry, type Seeker, type Viewer } from "./pages.ts"
export { paperAnswer, paperProps, readState, rowOf } from "./paper.ts"
export { pathParameter, queryParameter } from "./parameters.ts"
export { pictureForm, savePicture } from "./picture.ts"
export { ALWAYS, OF_BODIES, OF_KEYS, OF_ONCE, OF_TOKENS, refusalsOf } from "./refusals.ts"
export {
  type AdminApiDeps,
  AGREE,
  type BaseRequest,
  frameUserOf,
  type PageRequest,
  pageOf,
  personOf,
  refuseOpen,
  requireAdmin,
  requireAdminApi,
  requireSession,
  type SessionDeps,
} from "./request.ts"
export { type ApiForm, createSite, type ParamsOf, type Program, type Site } from "./site.ts"
export { CONFIRM_PATH, confirmToRead, refuseUnconfirmed } from "./step-up.ts"
export { newValues, spokenIn, undoBy, undoing, undoTo } from "./undo.ts"
