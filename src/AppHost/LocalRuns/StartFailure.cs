namespace Aigc2d.AppHost.LocalRuns;

/// <summary>The suite cannot start, for a reason that a person can act on.</summary>
internal sealed class StartFailure : Exception
{
    public StartFailure()
    {
    }

    public StartFailure(string message)
        : base(message)
    {
    }

    public StartFailure(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
