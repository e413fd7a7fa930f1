using Microsoft.Extensions.Options;

namespace Aigc2d.ProviderAdapters.Routing;

/// <summary>How channels are tried, left alone and taken up again (section <c>Routing</c>).</summary>
public sealed class RoutingOptions
{
    public const string Section = "Routing";

    /// <summary>Attempts after the first.</summary>
    public int Retries { get; set; } = 2;

    /// <summary>A pause before the same channel is asked again lies between this and <see cref="LongestDelay"/>, at random.</summary>
    public TimeSpan ShortestDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    public TimeSpan LongestDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The share of a provider's calls that may be repeated.</summary>
    public double RetryShare { get; set; } = 0.1;

    /// <summary>Repeats that a provider with few calls is granted at once.</summary>
    public int RetryFloor { get; set; } = 30;

    /// <summary>How fast they come back, up to the floor.</summary>
    public double RetryFloorPerSecond { get; set; } = 2;

    public double BreakerRatio { get; set; } = 0.5;

    public int BreakerThroughput { get; set; } = 20;

    public TimeSpan BreakerWindow { get; set; } = TimeSpan.FromSeconds(10);

    public TimeSpan BreakerOpen { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The rest after a first fault of our account, or of a model, that names no time; one such answer may be a whim.</summary>
    public TimeSpan FirstRest { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The rest when the next answer says the same.</summary>
    public TimeSpan RepeatedRest { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>No provider's word keeps a channel at rest for longer.</summary>
    public TimeSpan LongestRest { get; set; } = TimeSpan.FromHours(24);

    /// <summary>A reset that came with a good answer tells when everything is there again, not when the next call fits: the longest rest for it.</summary>
    public TimeSpan LongestRestUntilReset { get; set; } = TimeSpan.FromMinutes(1);
}

/// <summary>Refuses policies that make no sense before the service starts.</summary>
public sealed class ValidateRoutingOptions : IValidateOptions<RoutingOptions>
{
    public ValidateOptionsResult Validate(string? name, RoutingOptions options)
    {
        var faults = new List<string>();
        Check(options.Retries is >= 1 and <= 5, nameof(options.Retries), "must lie between 1 and 5");
        Check(options.ShortestDelay > TimeSpan.Zero, nameof(options.ShortestDelay), "must be longer than zero");
        Check(options.LongestDelay >= options.ShortestDelay && options.LongestDelay <= TimeSpan.FromMinutes(1), nameof(options.LongestDelay), "must lie between ShortestDelay and a minute");
        Check(options.RetryShare is >= 0 and <= 1, nameof(options.RetryShare), "must lie between 0 and 1");
        Check(options.RetryFloor is >= 0 and <= 10_000, nameof(options.RetryFloor), "must lie between 0 and 10,000");
        Check(options.RetryFloorPerSecond is >= 0 and <= 10_000, nameof(options.RetryFloorPerSecond), "must lie between 0 and 10,000");
        Check(options.BreakerRatio is > 0 and <= 1, nameof(options.BreakerRatio), "must be more than 0 and at most 1");
        Check(options.BreakerThroughput is >= 2 and <= 10_000, nameof(options.BreakerThroughput), "must lie between 2 and 10,000");
        Check(IsBreakerTime(options.BreakerWindow), nameof(options.BreakerWindow), "must lie between half a second and a day");
        Check(IsBreakerTime(options.BreakerOpen), nameof(options.BreakerOpen), "must lie between half a second and a day");
        Check(options.FirstRest > TimeSpan.Zero && options.FirstRest <= options.LongestRest, nameof(options.FirstRest), "must be longer than zero and at most LongestRest");
        Check(options.RepeatedRest > TimeSpan.Zero && options.RepeatedRest <= options.LongestRest, nameof(options.RepeatedRest), "must be longer than zero and at most LongestRest");
        Check(options.LongestRest <= TimeSpan.FromDays(2), nameof(options.LongestRest), "must be at most two days");
        Check(options.LongestRestUntilReset > TimeSpan.Zero, nameof(options.LongestRestUntilReset), "must be longer than zero");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Check(bool isValid, string option, string rule)
        {
            if (!isValid) faults.Add($"{RoutingOptions.Section}:{option} {rule}.");
        }
    }

    private static bool IsBreakerTime(TimeSpan time) => time >= TimeSpan.FromMilliseconds(500) && time <= TimeSpan.FromDays(1);
}
