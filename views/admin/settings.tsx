// Settings of the house: all of them by group, and the page on which one is changed, with what was changed before.
import { ConsoleLayout } from "../layout/console.tsx"
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { type FormView, RowLink, Table, When } from "../ui/index.ts"
import { type SettingChange, SettingChanges } from "./setting-changes.tsx"

export interface SettingLine {
  key: string
  group: string
  label: string
  /** With its unit: "30 days". */
  value: string
  /** Null: never, the default is in force. */
  changedMs: number | null
}

export interface AdminSettingsProps {
  frame: Frame
  now: number
  /** In the order of the parts. */
  settings: readonly SettingLine[]
}

/** GET /admin/settings. */
export function AdminSettingsPage({ frame, now, settings }: AdminSettingsProps): JSX.Element {
  const groups = [...new Set(settings.map(({ group }) => group))]
  return (
    <ConsoleLayout
      frame={frame}
      title="House settings"
      section="Admin"
      lead="What holds for everybody. Each change needs a reason and is kept."
    >
      {groups.map((group, at) => (
        <section aria-labelledby={`group-${at}`}>
          <h2 id={`group-${at}`} safe>
            {group}
          </h2>
          <Table
            caption={group}
            hideCaption
            columns={[{ label: "Setting" }, { label: "Value" }, { label: "Changed", minor: true }]}
            rows={settings
              .filter((line) => line.group === group)
              .map(({ key, label, value, changedMs }) => [
                <RowLink href={`/admin/settings/${key}`} label={label} />,
                <bdi safe>{value}</bdi>,
                <When ms={changedMs} now={now} />,
              ])}
          />
        </section>
      ))}
    </ConsoleLayout>
  )
}

export interface AdminSettingProps {
  frame: Frame
  now: number
  setting: SettingLine
  /** What holds without a change, with its unit. */
  byDefault: string
  form: FormView
  /** Newest first. */
  changes: readonly SettingChange[]
}

/** GET and POST /admin/settings/:setting. */
export function AdminSettingPage({ frame, now, setting, byDefault, form, changes }: AdminSettingProps): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title={setting.label}
      section="Admin"
      up={{ href: "/admin/settings", label: "House settings" }}
      form={form}
      words={[`Now: ${setting.value}. Default: ${byDefault}.`]}
      cancelHref="/admin/settings"
      after={<SettingChanges now={now} changes={changes} />}
    />
  )
}
