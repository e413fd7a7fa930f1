using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>Several run-time values joined into one text.</summary>
internal static class ReferenceExpressions
{
    public static IValueProvider? Join(string separator, IEnumerable<IValueProvider> values) => values.ToArray() is { Length: > 0 } parts ? new Joined(separator, parts) : null;

    private sealed class Joined(string separator, IValueProvider[] parts) : IValueProvider
    {
        public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
        {
            var texts = new List<string?>(parts.Length);
            foreach (var part in parts)
            {
                texts.Add(await part.GetValueAsync(cancellationToken));
            }

            return string.Join(separator, texts);
        }
    }
}
