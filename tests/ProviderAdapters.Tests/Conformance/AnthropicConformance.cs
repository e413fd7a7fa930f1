using Aigc2d.ProviderAdapters.Tests.Kit;

namespace Aigc2d.ProviderAdapters.Tests.Conformance;

public sealed class AnthropicCompleteAnswers(AdaptersFixture fixture) : CompleteAnswers(fixture, Family.Anthropic);

public sealed class AnthropicBrokenUpstreams(AdaptersFixture fixture) : BrokenUpstreams(fixture, Family.Anthropic);

public sealed class AnthropicLostClients(AdaptersFixture fixture) : LostClients(fixture, Family.Anthropic);

public sealed class AnthropicTimeLimits(AdaptersFixture fixture) : TimeLimits(fixture, Family.Anthropic);

public sealed class AnthropicOurOutages(AdaptersFixture fixture) : OurOutages(fixture, Family.Anthropic);

public sealed class AnthropicTranslations(AdaptersFixture fixture) : Translations(fixture, Family.Anthropic);

public sealed class AnthropicAnthropicClients(AdaptersFixture fixture) : AnthropicClients(fixture, Family.Anthropic);
