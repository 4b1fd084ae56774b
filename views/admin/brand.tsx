// How the house is called and looks: one form, the logo, and what it will look like in light and dark while it is typed.
import { assetUrl } from "../layout/assets.ts"
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { cut } from "../layout/title.ts"
import { Avatar, Button, Form, FormOf, type FormView, Notice } from "../ui/index.ts"
import { type SettingChange, SettingChanges } from "./setting-changes.tsx"

/** A colour in one theme. */
interface Accent {
  accent: string
  soft: string
  on: string
  contrast: number
  isMoved: boolean
}

export interface BrandPreviewProps {
  name: string
  claim: string
  /** Null: as the product came. */
  accents: { light: Accent; dark: Accent } | null
  /** What was typed is no colour. */
  isWrong: boolean
}

export interface AdminBrandProps {
  frame: Frame
  now: number
  form: FormView
  logo: FormView
  preview: BrandPreviewProps
  changes: readonly SettingChange[]
}

/** GET and POST /admin/brand */
export function AdminBrandPage({ frame, now, form, logo, preview, changes }: AdminBrandProps): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title="Brand"
      section="Admin"
      lead="How your server is called and looks, on every page, mail and invoice."
      form={form}
      formClass="form page-form brand-form"
      before={
        <section aria-labelledby="preview-title">
          <h2 id="preview-title">What it looks like</h2>
          <div
            aria-live="polite"
            data-module={assetUrl("js/preview.js")}
            data-preview="/admin/brand/preview"
            data-form=".brand-form"
          >
            <BrandPreview {...preview} />
          </div>
        </section>
      }
      after={
        <>
          <section aria-labelledby="logo-title" id="logo">
            <h2 id="logo-title">Logo</h2>
            <p class="quiet">
              Square, also small enough to be seen in a tab. Without one the mark of the product stands there.
            </p>
            {frame.brand?.logoUrl === undefined ? null : (
              <div class="current-picture">
                <Avatar name={frame.brand.name} src={frame.brand.logoUrl} large />
                <Form action="/admin/brand/logo/removal" csrf={frame.csrf} class="cell-form">
                  <Button small label="Remove logo" />
                </Form>
              </div>
            )}
            <FormOf form={logo} csrf={frame.csrf} isPlain />
          </section>
          <SettingChanges now={now} changes={changes} />
        </>
      }
    />
  )
}

const GROUNDS = {
  light: { paper: "#fcfaf7", ink: "#27231f", line: "#e2ded7" },
  dark: { paper: "#0f1318", ink: "#ebedf0", line: "#363d46" },
} as const
/** `--accent` of tokens.css. */
const AS_IT_CAME = {
  light: { accent: "#006aa1", soft: "#e6f2fc", on: "#ffffff", contrast: 5.3, isMoved: false },
  dark: { accent: "#6fbcec", soft: "#132e42", on: "#06182a", contrast: 6.7, isMoved: false },
} as const

/** Also the answer to GET /admin/brand/preview. Colours stand in the drawing, since pages take no styles from elsewhere. */
export function BrandPreview({ name, claim, accents, isWrong }: BrandPreviewProps): JSX.Element {
  const shown = accents ?? AS_IT_CAME
  return (
    <>
      {isWrong ? <Notice tone="warn" text="The accent is no colour yet: give # and six digits." /> : null}
      <div class="brand-previews">
        {(["light", "dark"] as const).map((theme) => (
          <figure class="brand-preview">
            <Card name={name} claim={claim} theme={theme} accent={shown[theme]} />
            <figcaption class="quiet" safe>
              {`${theme === "light" ? "Light" : "Dark"}: ${shown[theme].accent}, contrast ${shown[theme].contrast}:1${shown[theme].isMoved ? ", moved so that it can be read" : ""}`}
            </figcaption>
          </figure>
        ))}
      </div>
    </>
  )
}

function Card(props: { name: string; claim: string; theme: "light" | "dark"; accent: Accent }): JSX.Element {
  const { name, claim, accent } = props
  const ground = GROUNDS[props.theme]
  const text = (x: number, y: number, size: number, fill: string, weight: string, words: string) => (
    <text x={x} y={y} {...{ "font-size": String(size), "font-weight": weight, fill }} safe>
      {words}
    </text>
  )
  return (
    <svg viewBox="0 0 360 150" role="img">
      <title safe>{`${name}: ${claim}`}</title>
      <rect x="0.5" y="0.5" width="359" height="149" rx="10" fill={ground.paper} stroke={ground.line} />
      <rect x="20" y="18" width="22" height="22" rx="6" fill={accent.accent} />
      {text(50, 34, 15, ground.ink, "680", name.slice(0, 24))}
      {text(20, 76, 16, ground.ink, "620", cut(claim, 40))}
      <rect x="20" y="98" width="112" height="34" rx="6" fill={accent.accent} />
      {text(38, 120, 14, accent.on, "560", "Sign in here")}
      <rect x="144" y="98" width="92" height="34" rx="6" fill={accent.soft} />
      {text(160, 120, 14, accent.accent, "560", "A link")}
    </svg>
  )
}
