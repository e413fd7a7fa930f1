using System.Diagnostics;

namespace Aigc2d.Gateway.Edges;

/// <summary>Begins every trace at the edge: a stranger's trace ids and baggage would otherwise travel on to every service and provider.</summary>
internal sealed class FreshTraces : DistributedContextPropagator
{
    public override IReadOnlyCollection<string> Fields => [];

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
    {
        // Only the server asks this propagator, and only for what came in.
    }

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) => (traceId, traceState) = (null, null);

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;
}
