using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Aigc2d.ProviderAdapters.Routing;

/// <summary>Repeats are a share of a provider's calls, with a small floor for quiet times: a provider in trouble is not asked twice as often.</summary>
internal sealed class RetryBudget(IOptions<RoutingOptions> options, TimeProvider time)
{
    private const double MostSaved = 1_000;

    private readonly ConcurrentDictionary<string, Purse> _purses = new(StringComparer.Ordinal);

    /// <summary>A call was made: it pays for its share of a repeat.</summary>
    public void Deposit(string provider) => PurseOf(provider).Deposit(options.Value.RetryShare);

    public bool TryTake(string provider) => PurseOf(provider).TryTake(options.Value, time.GetUtcNow());

    /// <summary>A repeat that was granted was not made after all.</summary>
    public void GiveBack(string provider) => PurseOf(provider).Deposit(1);

    private Purse PurseOf(string provider) => _purses.GetOrAdd(provider, static (_, start) => new Purse(start.Floor, start.Now), (Floor: options.Value.RetryFloor, Now: time.GetUtcNow()));

    private sealed class Purse(double saved, DateTimeOffset at)
    {
        private readonly Lock _lock = new();
        private double _saved = saved;
        private DateTimeOffset _at = at;

        public void Deposit(double share)
        {
            lock (_lock) _saved = Math.Min(MostSaved, _saved + share);
        }

        public bool TryTake(RoutingOptions options, DateTimeOffset now)
        {
            lock (_lock)
            {
                var elapsed = Math.Max(0, (now - _at).TotalSeconds);
                _at = now;
                if (_saved < options.RetryFloor) _saved = Math.Min(options.RetryFloor, _saved + elapsed * options.RetryFloorPerSecond);
                if (_saved < 1) return false;
                _saved--;
                return true;
            }
        }
    }
}
