// The parts of an app of a developer's, on every page of it.
import { Tabs } from "../ui/index.ts"

export type AppPart = "overview" | "users" | "requests" | "health" | "keys" | "webhooks" | "domain" | "pool" | "listing"

const PARTS: readonly (readonly [part: AppPart, label: string, path: string])[] = [
  ["overview", "Overview", ""],
  ["users", "Users", "/users"],
  ["requests", "Requests", "/requests"],
  ["health", "Health", "/health"],
  ["keys", "Secret keys", "/keys"],
  ["webhooks", "Webhooks", "/webhooks"],
  ["domain", "Domain", "/domain"],
  ["pool", "Free calls", "/pool"],
  ["listing", "Directory", "/listing"],
]

export const appPath = (id: string): string => `/developer/apps/${encodeURIComponent(id)}`

export function AppTabs({ app, part }: { app: { id: string; name: string }; part: AppPart }): JSX.Element {
  const tabs = PARTS.map(([key, label, path]) => ({ label, href: `${appPath(app.id)}${path}`, current: key === part }))
  return <Tabs label={`Parts of ${app.name}`} tabs={tabs} />
}
