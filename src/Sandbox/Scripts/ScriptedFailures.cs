using System.Collections.Concurrent;

namespace Aigc2d.Sandbox.Scripts;

/// <summary>Counts the requests of every name that fails only for a while (<c>fails=2</c>).</summary>
public sealed class ScriptedFailures
{
    private const int MaxNames = 10_000;
    private readonly ConcurrentDictionary<string, int> _requests = new(StringComparer.Ordinal);

    /// <summary>The script that holds for this request of the name.</summary>
    public Script Take(ScriptedModel model)
    {
        if (model.Script.FailingRequests is not { } failing) return model.Script;
        if (_requests.Count >= MaxNames) _requests.Clear();
        return _requests.AddOrUpdate(model.Asked, 1, (_, requests) => requests + 1) <= failing ? model.Script : model.Script.Mended();
    }

    /// <summary>Every name fails anew.</summary>
    public void Forget() => _requests.Clear();
}
