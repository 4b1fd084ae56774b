// Whether the same question of the same person of an app may be answered from the cache.
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import type { FormView } from "../ui/index.ts"
import { appPath } from "./app-tabs.tsx"

export interface AppCacheProps {
  frame: Frame
  app: { id: string; name: string }
  form: FormView
}

export const AppCachePage = ({ frame, app, form }: AppCacheProps): JSX.Element => (
  <EditPage
    frame={frame}
    title={`Cache of ${app.name}`}
    section="Developer"
    lead="The same call of the same person again is answered from what it was answered before. They pay a part of the price, and you have the same part of your share. Nobody gets an answer that was made for somebody else."
    up={[
      { href: "/developer", label: "Your apps" },
      { href: appPath(app.id), label: app.name },
    ]}
    form={form}
    heading="For calls of this app"
    cancelHref={appPath(app.id)}
    after={
      <p class="quiet">
        <a href="/docs/reference/cache">What counts as the same call, and what it costs</a>
      </p>
    }
  />
)
