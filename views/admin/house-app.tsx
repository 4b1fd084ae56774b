// An app of the house: made by an admin, or changed; and an admin's word about the domain of an app.
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import type { FormView } from "../ui/index.ts"
import { appPath } from "./apps.tsx"

export interface HouseAppProps {
  frame: Frame
  /** Null: a new one. */
  app: { id: string; name: string } | null
  form: FormView
}

const UP = { href: "/admin/apps", label: "Apps" }

/** GET /admin/apps/new and /admin/apps/house/:houseapp */
export function HouseAppPage({ frame, app, form }: HouseAppProps): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title={app === null ? "New app of the house" : `Details of ${app.name}`}
      section="Admin"
      lead="A confidential client that acts for whoever signs in to it, without asking them."
      words={[
        "Nobody is asked for permission and nothing limits what it spends, so it has to be yours: its tokens also reach the management API of the person. Make an app as a developer where people should be asked.",
      ]}
      up={app === null ? UP : [UP, { href: appPath(app.id), label: app.name }]}
      form={form}
      formClass="form page-form app-form"
      cancelHref={app === null ? "/admin/apps" : appPath(app.id)}
    />
  )
}

/** GET /admin/apps/:app/verification */
export function AdminAppVerifyPage(props: {
  frame: Frame
  app: { id: string; name: string; homepageUrl: string | null }
  form: FormView
}): JSX.Element {
  const { frame, app, form } = props
  return (
    <ConfirmPage
      frame={frame}
      title={`Verify ${app.name}`}
      section="Admin"
      up={[UP, { href: appPath(app.id), label: app.name }]}
      form={form}
      cancelHref={appPath(app.id)}
      words={[
        app.homepageUrl === null
          ? "It has no homepage: there is nothing to verify yet."
          : `Its homepage is ${app.homepageUrl}. Your word stands in place of a DNS record or a file, and is not looked for again.`,
      ]}
    />
  )
}
