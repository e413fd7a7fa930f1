using Aigc2d.ProviderAdapters.Tests.Kit;

namespace Aigc2d.ProviderAdapters.Tests.Conformance;

public sealed class OpenAiCompleteAnswers(AdaptersFixture fixture) : CompleteAnswers(fixture, Family.OpenAi);

public sealed class OpenAiBrokenUpstreams(AdaptersFixture fixture) : BrokenUpstreams(fixture, Family.OpenAi);

public sealed class OpenAiLostClients(AdaptersFixture fixture) : LostClients(fixture, Family.OpenAi);

public sealed class OpenAiTimeLimits(AdaptersFixture fixture) : TimeLimits(fixture, Family.OpenAi);

public sealed class OpenAiOurOutages(AdaptersFixture fixture) : OurOutages(fixture, Family.OpenAi);

public sealed class OpenAiTranslations(AdaptersFixture fixture) : Translations(fixture, Family.OpenAi);

public sealed class OpenAiEmbeddings(AdaptersFixture fixture) : Embeddings(fixture, Family.OpenAi);
