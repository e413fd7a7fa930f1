namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that comes from outside the model, usually from configuration.</summary>
public class ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false) : Resource(name), IExpressionValue
{
    public bool Secret { get; } = secret;

    public string ValueExpression => $"{{{Name}.value}}";

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => ValueTask.FromResult<string?>(callback(null));
}

/// <summary>A default that is used when configuration has no value.</summary>
public abstract class ParameterDefault
{
    public abstract string GetDefaultValue();
}
