// Markdown that is part of the executable, imported as text.
declare module "*.md" {
  const text: string
  export default text
}
