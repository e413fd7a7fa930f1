using Aigc2d.ProviderAdapters.Tests.Kit;

namespace Aigc2d.ProviderAdapters.Tests.Conformance;

public sealed class WenxinV2CompleteAnswers(AdaptersFixture fixture) : CompleteAnswers(fixture, Family.WenxinV2);

public sealed class WenxinV2Translations(AdaptersFixture fixture) : Translations(fixture, Family.WenxinV2);

public sealed class WenxinV2BrokenUpstreams(AdaptersFixture fixture) : BrokenUpstreams(fixture, Family.WenxinV2);

public sealed class WenxinV2LostClients(AdaptersFixture fixture) : LostClients(fixture, Family.WenxinV2);

public sealed class WenxinV2TimeLimits(AdaptersFixture fixture) : TimeLimits(fixture, Family.WenxinV2);

public sealed class WenxinV2OurOutages(AdaptersFixture fixture) : OurOutages(fixture, Family.WenxinV2);

public sealed class WenxinV2Embeddings(AdaptersFixture fixture) : Embeddings(fixture, Family.WenxinV2);

public sealed class WenxinV2AnthropicClients(AdaptersFixture fixture) : AnthropicClients(fixture, Family.WenxinV2);
