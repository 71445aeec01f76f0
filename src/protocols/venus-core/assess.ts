export const assess = () => ({})
