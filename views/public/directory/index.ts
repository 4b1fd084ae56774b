// The pages of the directory, in one door.
export { DirectoryAppPage, type DirectoryAppProps } from "./app.tsx"
export { type DirectoryAsked, type DirectoryListProps, DirectoryPage, type DirectorySort } from "./list.tsx"
export { DirectoryReportPage } from "./report.tsx"
export type { AppCard, AppShown, ShownPicture } from "./types.ts"
