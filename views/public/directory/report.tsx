// /directory/:slug/report: anybody says what is wrong with an app. Nothing of them is kept but the words, and the person where one is signed in.
import type { Frame } from "../../layout/frame.ts"
import { PublicLayout } from "../../layout/public.tsx"
import { Breadcrumbs, FormOf, type FormView } from "../../ui/index.ts"
import { appPath } from "./types.ts"

export interface DirectoryReportProps {
  frame: Frame
  slug: string
  name: string
  form: FormView
}

/** GET /directory/:slug/report */
export function DirectoryReportPage({ frame, slug, name, form }: DirectoryReportProps): JSX.Element {
  return (
    <PublicLayout frame={frame} title={`Report ${name}`}>
      <Breadcrumbs
        trail={[
          { href: "/directory", label: "Apps" },
          { href: appPath(slug), label: name },
        ]}
      />
      <section id="report" aria-labelledby="report-title" class="app-report">
        <h1 id="report-title">
          {"Report "}
          <bdi safe>{name}</bdi>
        </h1>
        <p class="lead">
          The people who run this service read it. The developer of the app does not learn who wrote it.
        </p>
        <FormOf form={form} csrf={frame.csrf} class="form" cancelHref={appPath(slug)} />
      </section>
    </PublicLayout>
  )
}
