globalThis.__v = {}
