// The door of what all sites share: lists of pages, guards, forms with their routes.
export type { Asked, Done, FormRoute, Question, Status } from "./form-route.ts"
export { gridState, type ListDef, type ListRequest, readList } from "./list.ts"
export { describeForms } from "./openapi.ts"
export { maySee, navOf, type PageEntry, type Seeker, type Viewer } from "./pages.ts"
export { pictureForm, savePicture } from "./picture.ts"
export {
  type BaseRequest,
  frameUserOf,
  hasCredential,
  keyOf,
  type PageRequest,
  type ProgramDeps,
  personOf,
  requestOf,
  requireAdmin,
  requireAdminApi,
  requireSession,
  type SessionDeps,
  sessionOfUser,
} from "./request.ts"
export { type ApiForm, createSite, type ParamsOf, type Program, type Site } from "./site.ts"
export { newValues, spokenIn, undoBy, undoing, undoTo } from "./undo.ts"
export { UNFINISHED_PATH } from "./unfinished.ts"
