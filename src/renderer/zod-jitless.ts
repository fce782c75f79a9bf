import { config } from "zod";

// The page's content security policy forbids code from strings, which zod's faster parsers are made of.
config({ jitless: true });
