using Aigc2d.Contracts.Providers;

namespace Aigc2d.ProviderAdapters.Channels;

/// <summary>Which channels serve which model: everything a call needs to find its way, prepared once and never changed.</summary>
public sealed class ChannelRoutes
{
    public static readonly ChannelRoutes None = new([], []);

    private readonly Dictionary<string, Route> _routes = new(StringComparer.Ordinal);

    /// <param name="channels">All channels, disabled ones too.</param>
    /// <param name="listed">Every model that any channel lists or ever listed, and since when.</param>
    public ChannelRoutes(IReadOnlyCollection<Channel> channels, IReadOnlyCollection<(string Model, DateTimeOffset Since)> listed)
    {
        var byModel = channels
            .SelectMany(channel => channel.Models.Select(model => new Candidate(channel, model)))
            .ToLookup(candidate => candidate.Model.Name, StringComparer.Ordinal);
        foreach (var (model, since) in listed) _routes[model] = new Route(model, since, [.. byModel[model]]);

        ById = channels.ToDictionary(channel => channel.Id);
        Models = [.. _routes.Values.Select(route => route.Listing).OrderBy(model => model.Name, StringComparer.Ordinal)];
    }

    public IReadOnlyDictionary<Guid, Channel> ById { get; }

    /// <summary>The providers whose channels list the model.</summary>
    public string[] ProvidersOf(string model) => _routes.TryGetValue(model, out var route) ? route.Listing.Providers : [];

    /// <summary>Every known model, sorted by name; one whose channels are all gone has no providers and is not available.</summary>
    public RoutedModel[] Models { get; }

    /// <summary>
    /// A channel for the model: of those with the highest priority one at random, in proportion to the weights. Null when none is active;
    /// <paramref name="isKnown"/> then tells a model that is down from one that never was.
    /// </summary>
    public Candidate? Pick(string model, Random random, out bool isKnown)
    {
        isKnown = _routes.TryGetValue(model, out var route);
        return route?.Pick(random);
    }

    /// <summary>A channel with its name for the model in question.</summary>
    public sealed record Candidate(Channel Channel, ChannelModel Model);

    private sealed class Route
    {
        private readonly Candidate[] _firstTier;
        private readonly int _weights;

        public Route(string model, DateTimeOffset since, Candidate[] candidates)
        {
            var active = candidates.Where(candidate => candidate.Channel.IsActive).ToArray();
            var highest = active.Length == 0 ? 0 : active.Max(candidate => candidate.Channel.Priority);
            _firstTier = [.. active.Where(candidate => candidate.Channel.Priority == highest)];
            _weights = _firstTier.Sum(candidate => candidate.Channel.Weight);
            Listing = new RoutedModel
            {
                Name = model,
                Providers = [.. candidates.Select(candidate => candidate.Channel.Provider).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
                Available = active.Length > 0,
                CreatedAt = since,
            };
        }

        public RoutedModel Listing { get; }

        public Candidate? Pick(Random random)
        {
            var roll = random.Next(_weights);
            foreach (var candidate in _firstTier)
            {
                roll -= candidate.Channel.Weight;
                if (roll < 0) return candidate;
            }

            return null;
        }
    }
}
