namespace Aigc2d.EndToEnd.Tests.Acceptance;

/// <summary>One request and its answer, as they passed.</summary>
internal sealed class Exchange(string request)
{
    private int _heartbeats;

    /// <summary>Method and path.</summary>
    public string Request => request;

    /// <summary>The status of the answer; 0 while there is none.</summary>
    public int Status { get; set; }

    /// <summary>The comments in a stream that keep a connection alive.</summary>
    public int Heartbeats => _heartbeats;

    public void CountHeartbeats(int more) => Interlocked.Add(ref _heartbeats, more);
}
