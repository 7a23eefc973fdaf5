/** Sentences of the assistant's page. */

import { behaviour } from "./assistant-behaviour";
import { facts, hours, knowledge, placeholders } from "./assistant-knowledge";
import { insights, leads } from "./assistant-leads";
import { model } from "./assistant-model";
import { readiness, skills } from "./assistant-skills";
import { bench } from "./assistant-try";

export const assistant = {
  title: "Assistant",
  sections: "Parts of the assistant",
  names: {
    skills: "Skills",
    knowledge: "Knowledge",
    facts: "Facts",
    try: "Try it",
    insights: "Readiness",
    leads: "Leads",
    model: "Language model",
    behaviour: "How it behaves",
  },
  missing: (n: number) => (n === 1 ? "1 value is missing" : `${n} values are missing`),
  skills,
  readiness,
  knowledge,
  facts,
  hours,
  placeholders,
  bench,
  model,
  behaviour,
  leads,
  insights,
};
