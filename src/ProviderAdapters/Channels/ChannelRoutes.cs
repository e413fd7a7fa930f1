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

    /// <summary>The active channels for a model, those of the highest priority first; empty when all are gone, null when there never was one.</summary>
    public IReadOnlyList<Candidate>? CandidatesFor(string model) => _routes.GetValueOrDefault(model)?.Candidates;

    private sealed class Route
    {
        public Route(string model, DateTimeOffset since, Candidate[] candidates)
        {
            Candidates = [.. candidates.Where(candidate => candidate.Channel.IsActive).OrderByDescending(candidate => candidate.Channel.Priority)];
            Listing = new RoutedModel
            {
                Name = model,
                Providers = [.. candidates.Select(candidate => candidate.Channel.Provider).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
                Available = Candidates.Length > 0,
                CreatedAt = since,
            };
        }

        public RoutedModel Listing { get; }

        public Candidate[] Candidates { get; }
    }
}
