/** Keys of properties that exist only for the type checker: they carry what a definition was inferred to be. */
export declare const VALUE: unique symbol;
export declare const RESOURCES: unique symbol;
export declare const CONFIG: unique symbol;
export declare const INPUTS: unique symbol;
