// One package of credits: a new one, its terms, and taking it off sale.
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { Badge, Button, Form, type FormView, Id } from "../ui/index.ts"
import { bonusWords, type PackageRow, packagePath, soldWords } from "./packages.tsx"

const UP = { href: "/admin/packages", label: "Packages" }

export function AdminPackageNewPage({ frame, form }: { frame: Frame; form: FormView }): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title="New package"
      section="Admin"
      lead="It is on sale as soon as it is added."
      up={UP}
      form={form}
      cancelHref="/admin/packages"
    />
  )
}

export interface AdminPackageProps {
  frame: Frame
  one: PackageRow
  form: FormView
}

export function AdminPackagePage({ frame, one, form }: AdminPackageProps): JSX.Element {
  const path = packagePath(one.slug)
  return (
    <EditPage
      frame={frame}
      title={one.name}
      section="Admin"
      lead="A change holds for the next order. What was ordered before keeps its terms."
      up={UP}
      form={form}
      heading="Terms"
      before={
        <section aria-labelledby="sale-title">
          <h2 id="sale-title">On sale</h2>
          <div class="badges">
            {one.active ? <Badge tone="ok" text="On sale" /> : <Badge tone="warn" text="Off" />}
            <Id text={one.slug} />
            {one.active ? (
              <Button small dialog href={`${path}/deactivation`} label="Take off sale" />
            ) : (
              <Form action={`${path}/activation`} csrf={frame.csrf} class="cell-form">
                <Button small label="Put on sale" />
              </Form>
            )}
          </div>
          <p safe>{`${soldWords(one)}; on top: ${bonusWords(one)}.`}</p>
        </section>
      }
    />
  )
}

export function AdminPackageOffPage({ frame, one, form }: AdminPackageProps): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title={`Take ${one.name} off sale?`}
      section="Admin"
      up={UP}
      words={[
        "Nobody finds it among the packages any more.",
        "Whoever is paying for it right now still gets what they pay for. You can put it on sale again.",
      ]}
      form={{ ...form, submit: `Take ${one.name} off sale` }}
      cancelHref={packagePath(one.slug)}
    />
  )
}
