using Microsoft.Extensions.Options;

namespace Aigc2d.ProviderAdapters.Calls;

/// <summary>The limits of a provider call (section <c>Calls</c>).</summary>
public sealed class CallOptions
{
    public const string Section = "Calls";

    /// <summary>From asking until the provider's first byte.</summary>
    public TimeSpan FirstByteLimit { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The published maximum of a whole call.</summary>
    public TimeSpan MaxDuration { get; set; } = TimeSpan.FromSeconds(600);

    /// <summary>How long running calls may go on once the process has been told to stop.</summary>
    public TimeSpan DrainLimit { get; set; } = TimeSpan.FromSeconds(300);

    /// <summary>How often the holds of running calls are renewed; a hold lives three times as long.</summary>
    public TimeSpan RenewInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A stream that was silent for so long gets a comment.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Held output is screened at the latest after this time.</summary>
    public TimeSpan HoldBackLimit { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a stream waits for a screening that fails.</summary>
    public TimeSpan ScreeningPatience { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a lost connection may still be explained as the client's wish.</summary>
    public TimeSpan AbortWordLimit { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest line of a stream.</summary>
    public int MaxLineBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>The longest plain answer.</summary>
    public int MaxPlainBytes { get; set; } = 64 * 1024 * 1024;
}

/// <summary>Refuses limits that make no sense before the service starts.</summary>
public sealed class ValidateCallOptions : IValidateOptions<CallOptions>
{
    public ValidateOptionsResult Validate(string? name, CallOptions options)
    {
        var durations = new Dictionary<string, TimeSpan>(StringComparer.Ordinal)
        {
            [nameof(CallOptions.FirstByteLimit)] = options.FirstByteLimit,
            [nameof(CallOptions.MaxDuration)] = options.MaxDuration,
            [nameof(CallOptions.DrainLimit)] = options.DrainLimit,
            [nameof(CallOptions.RenewInterval)] = options.RenewInterval,
            [nameof(CallOptions.HeartbeatInterval)] = options.HeartbeatInterval,
            [nameof(CallOptions.HoldBackLimit)] = options.HoldBackLimit,
            [nameof(CallOptions.ScreeningPatience)] = options.ScreeningPatience,
            [nameof(CallOptions.AbortWordLimit)] = options.AbortWordLimit,
        };
        var faults = durations
            .Where(duration => duration.Value <= TimeSpan.Zero || duration.Value > TimeSpan.FromDays(1))
            .Select(duration => $"{CallOptions.Section}:{duration.Key} must be longer than zero and at most a day.")
            .ToList();
        if (options.MaxLineBytes < 1024) faults.Add($"{CallOptions.Section}:{nameof(CallOptions.MaxLineBytes)} must be at least 1024.");
        if (options.MaxPlainBytes < 1024) faults.Add($"{CallOptions.Section}:{nameof(CallOptions.MaxPlainBytes)} must be at least 1024.");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
