// The door of what all sites share: lists of pages, guards, forms with their routes.
export { adminScopeOf } from "./admin-key.ts"
export type { Asked, Done, FormRoute, Question, Status } from "./form-route.ts"
export { gridState, type ListDef, type ListRequest, readList } from "./list.ts"
export { describeForms } from "./openapi.ts"
export { maySee, navOf, type PageEntry, type Seeker, type Viewer } from "./pages.ts"
export { pictureForm, savePicture } from "./picture.ts"
export {
  type BaseRequest,
  frameUserOf,
  type PageRequest,
  personOf,
  requireAdmin,
  requireAdminApi,
  requireSession,
  type SessionDeps,
} from "./request.ts"
export { type ApiForm, createSite, type ParamsOf, type Site } from "./site.ts"
export { newValues, spokenIn, undoBy, undoing, undoTo } from "./undo.ts"
export { UNFINISHED_PATH } from "./unfinished.ts"
