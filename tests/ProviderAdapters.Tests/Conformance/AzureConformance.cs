using Aigc2d.ProviderAdapters.Tests.Kit;

namespace Aigc2d.ProviderAdapters.Tests.Conformance;

public sealed class AzureCompleteAnswers(AdaptersFixture fixture) : CompleteAnswers(fixture, Family.Azure);

public sealed class AzureTranslations(AdaptersFixture fixture) : Translations(fixture, Family.Azure);

public sealed class AzureBrokenUpstreams(AdaptersFixture fixture) : BrokenUpstreams(fixture, Family.Azure);

public sealed class AzureLostClients(AdaptersFixture fixture) : LostClients(fixture, Family.Azure);

public sealed class AzureTimeLimits(AdaptersFixture fixture) : TimeLimits(fixture, Family.Azure);

public sealed class AzureOurOutages(AdaptersFixture fixture) : OurOutages(fixture, Family.Azure);

public sealed class AzureEmbeddings(AdaptersFixture fixture) : Embeddings(fixture, Family.Azure);

public sealed class AzureAnthropicClients(AdaptersFixture fixture) : AnthropicClients(fixture, Family.Azure);
