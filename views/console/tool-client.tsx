// An OAuth client that a person registers by hand at the sign-in of a tool server.
import { EditPage } from "../layout/edit-page.tsx"
import { CopyLine } from "../ui/index.ts"
import { serverPath } from "./tool-group.tsx"
import type { ToolServerFormProps } from "./tool-server.tsx"

export interface ToolClientProps extends ToolServerFormProps {
  byHand: { redirectUrl: string; signInHost: string | null }
}

export function ToolClientPage({ frame, group, server, byHand, form }: ToolClientProps): JSX.Element {
  const path = serverPath(group.name, server.id)
  return (
    <EditPage
      frame={frame}
      title="OAuth client by hand"
      lead="For a server whose sign-in lets no app register by itself. Most servers need nothing of this."
      up={{ href: path, label: server.title }}
      form={form}
      heading="What it gave you"
      cancelHref={path}
      before={
        <section class="page-form" aria-labelledby="register-title">
          <h2 id="register-title">At the server</h2>
          <p>
            {"Register an app (OAuth client, authorization code) "}
            {byHand.signInHost === null ? (
              "in the developer settings of the server"
            ) : (
              <>
                {"at "}
                <bdi class="strong" safe>
                  {byHand.signInHost}
                </bdi>
              </>
            )}
            {" with this redirect URI:"}
          </p>
          <CopyLine id="redirect" text={byHand.redirectUrl} />
          <p class="quiet">
            It is used for this one server. Whoever you were signed in as there is signed out when you save.
          </p>
        </section>
      }
    />
  )
}
