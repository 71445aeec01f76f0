export const Candidates = () => <h1>Candidates</h1>
