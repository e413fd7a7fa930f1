using System.Diagnostics.Metrics;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Health;
using Aigc2d.ProviderAdapters.Routing;
using Aigc2d.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Aigc2d.ProviderAdapters.Tests.Routing;

/// <summary>Selection and health without a service around them, on a clock and a dice of the test's own.</summary>
internal sealed class RoutingBench : IDisposable
{
    public const string Model = "m";

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public RoutingBench(int seed = 1, RoutingOptions? options = null)
    {
        var random = new Random(seed);
        var metrics = new RoutingMetrics(_services.GetRequiredService<IMeterFactory>());
        Healths = new ChannelHealths(Options.Create(options ?? new RoutingOptions()), Clock, random, metrics);
        Select = new SelectChannel(Healths, random, metrics, Clock);
    }

    public TestClock Clock { get; } = new();

    public ChannelHealths Healths { get; }

    public SelectChannel Select { get; }

    public static Candidate CandidateOf(int priority = 0, int weight = 1, ChannelLimits? limits = null)
    {
        var model = new ChannelModel(Model, Model);
        return new Candidate(
            new Channel
            {
                Id = Guid.CreateVersion7(),
                Provider = "openai",
                Name = "n",
                BaseUrl = new Uri("http://127.0.0.1/v1"),
                Credential = "sk",
                Models = [model],
                Priority = priority,
                Weight = weight,
                IsActive = true,
                Limits = limits ?? ChannelLimits.None,
            },
            model);
    }

    public static Candidate[] InOrder(IEnumerable<Candidate> candidates) => [.. candidates.OrderByDescending(candidate => candidate.Channel.Priority)];

    public Attempt? Take(IReadOnlyList<Candidate> candidates, ulong? prefix = null, int tokens = 10, params Guid[] excluded) => Select.Take(candidates, excluded, prefix, tokens);

    /// <summary>Puts a channel to rest.</summary>
    public void Rest(Candidate candidate, AttemptEnd end = AttemptEnd.Limited) => Healths.Of(candidate.Channel).Note(end, TimeSpan.FromMinutes(1));

    public void Dispose() => _services.Dispose();
}
