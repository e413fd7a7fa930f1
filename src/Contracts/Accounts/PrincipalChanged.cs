namespace Aigc2d.Contracts.Accounts;

/// <summary>Something a principal is made of has changed. Accounts publishes it; gateways drop what they cached of the account within a second.</summary>
[Broadcast]
public sealed record PrincipalChanged
{
    /// <summary>The account whose keys, plan or standing changed.</summary>
    public required Guid AccountId { get; init; }

    /// <summary>The one key that changed; null when every key of the account is affected.</summary>
    public Guid? KeyId { get; init; }
}
