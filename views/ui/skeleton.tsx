// Room for what is on its way, as high as what will come, so that nothing moves when it does.

export interface SkeletonProps {
  /** Lines of text, rows of a table, or one figure under its label. */
  kind?: "text" | "rows" | "figure" | undefined
  /** Lines or rows; default 3. */
  count?: number | undefined
  /** What is awaited, for readers: "Loading calls". */
  label: string
}

export function Skeleton({ kind = "text", count = 3, label }: SkeletonProps): JSX.Element {
  const lines = kind === "figure" ? 2 : count
  return (
    <div class={`skeleton ${kind}`} role="status">
      <span class="sr" safe>
        {label}
      </span>
      {Array.from({ length: lines }, () => (
        <span class="bone" />
      ))}
    </div>
  )
}
