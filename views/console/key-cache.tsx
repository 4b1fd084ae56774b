// Whether the same question by a key may be answered from the cache.
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import type { FormView } from "../ui/index.ts"
import { keyPath } from "./keys.tsx"

export interface KeyCacheProps {
  frame: Frame
  apiKey: { id: string; name: string }
  form: FormView
}

const CACHE_LEAD =
  "The same call again is answered from what it was answered before, for a part of the price. Nobody else ever gets that answer; it is kept encrypted. A call says X-Credits-Cache: off where it wants a new one."

export const KeyCachePage = ({ frame, apiKey, form }: KeyCacheProps): JSX.Element => (
  <EditPage
    frame={frame}
    title={`Cache of ${apiKey.name}`}
    lead={CACHE_LEAD}
    up={{ href: keyPath(apiKey.id), label: apiKey.name }}
    form={form}
    heading="For calls by this key"
    cancelHref={keyPath(apiKey.id)}
    after={
      <p class="quiet">
        <a href="/docs/reference/cache">What counts as the same call, and what it costs</a>
      </p>
    }
  />
)
