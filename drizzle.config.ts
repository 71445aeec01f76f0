import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'sqlite',
  schema: ['./src/store/schema.ts', './src/store/alert-schema.ts', './src/store/view-schema.ts'],
  out: './migrations',
})
