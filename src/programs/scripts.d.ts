// Python scripts are embedded as text: import script from "./render.py" with { type: "text" }.
declare module "*.py" {
  const text: string;
  export default text;
}
