namespace Aigc2d.AppHost.LocalRuns;

/// <summary>How far the start has come: a line of progress, then either a summary or a cause of failure.</summary>
internal sealed class Readiness
{
    private readonly TaskCompletionSource _failureTold = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile State _state = new(ReadinessStage.Starting, "starting");

    public State Current => _state;

    /// <summary>Completes once somebody has been told of a failure.</summary>
    public Task FailureTold => _failureTold.Task;

    public void Report(string progress)
    {
        if (_state.Stage == ReadinessStage.Starting && _state.Text != progress)
        {
            _state = new State(ReadinessStage.Starting, progress);
            Say(progress);
        }
    }

    /// <param name="summary">What a person reads who asks; it holds a key, so it is not written to the console.</param>
    public void Succeed(string summary)
    {
        _state = new State(ReadinessStage.Ready, summary);
        Say("ready");
    }

    public void Fail(string cause)
    {
        _state = new State(ReadinessStage.Failed, cause);
        Say("failed: " + cause);
    }

    public void FailureWasTold() => _failureTold.TrySetResult();

    private static void Say(string text)
    {
        try
        {
            foreach (var line in text.Split('\n'))
            {
                Console.Out.WriteLine($"aigc2d     | {line.TrimEnd()}");
            }
        }
        catch (IOException)
        {
            // The terminal has been closed.
        }
    }

    internal sealed record State(ReadinessStage Stage, string Text);
}

/// <summary>The three things that a start can be.</summary>
internal enum ReadinessStage
{
    Starting,
    Ready,
    Failed,
}
