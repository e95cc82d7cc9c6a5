import { z } from "zod";

/** `trustplane:ponos`: the Ponos agent of one farm. Absent means that there is none. */
export const ponosSchema = z
  .strictObject({
    url: z.url({ protocol: /^https?$/ }).meta({ description: "The Arkindex instance's address." }),
    farmId: z.string().min(1).meta({ description: "The farm's identifier in Arkindex." }),
  })
  .meta({ description: "The Ponos agent of one Arkindex farm; none where the section is absent." });

/** The section as its schema reads it. */
export type GivenPonos = z.output<typeof ponosSchema>;
